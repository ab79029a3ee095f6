"""`saleshub embed`."""

from cli.options import HomeOption, load_settings
from cli.output import progress_bar, to_people
from hub.embedding import fill_embeddings
from hub.platform import open_platform


def embed(home: HomeOption = None) -> None:
    """Embed what has been imported, so that recall also finds paraphrases; can be stopped and run again."""
    with open_platform(load_settings(home)) as platform, progress_bar(quiet=False) as progress:
        task = progress.add_task("Embedding passages", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        count = fill_embeddings(platform, progress=show)
    to_people().print(f"Embedded {count} passages.")
