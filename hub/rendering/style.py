"""The style sheet that the printable page and the console share."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def load_page_style() -> str:
    """For a page that follows the reader's system in light and dark."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_read('dark.css')} }} }}"
    return f":root {{ color-scheme: light dark; {_read('light.css')} }}\n{dark}\n{_read('package.css')}"


def load_switched_style(dark: str) -> str:
    """For a page that is dark below the CSS selector `dark`."""
    return f":root {{ {_read('light.css')} }}\n{dark} {{ {_read('dark.css')} }}\n{_read('package.css')}"
