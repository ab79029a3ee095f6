"""Import of files through the API."""

import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, UploadFile
from pydantic import WithJsonSchema

from api.deps import LangDep, PlatformDep, TenantHeader
from core.errors import ConflictError, ForbiddenError, InvalidInputError
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.access.entering import Entry, Way
from hub.importing import ImportReport, import_files
from hub.rendering.refusals import translate

router = APIRouter(tags=["import"])

_MOST_BYTES = 256 * 1024 * 1024
_LONGEST_NAME = 255


@router.post("/imports")
def import_uploads(
    request: Request,
    platform: PlatformDep,
    lang: LangDep,
    files: Annotated[list[UploadFile], File(min_length=1, description="Exports; one zip archive may hold many")],
    mapping: Annotated[
        UploadFile | None,
        WithJsonSchema({"type": "string", "format": "binary"}),
        File(description="YAML that overrides the guessed meaning of columns"),
    ] = None,
    dry_run: Annotated[bool, Query(description="Read and check everything, write nothing")] = False,
    tenant: TenantHeader = None,
) -> ImportReport:
    """Import exports of CRM, stock, contracts, mail and transcripts; refused rows are listed in the answer.

    A tenant that is new is created, for the owner of the installation only.
    """
    tenant = _importable(request, tenant)
    uploads = platform.settings.uploads_folder
    uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=uploads) as name:
        folder, beside = Path(name) / "files", Path(name) / "mapping"
        folder.mkdir()
        beside.mkdir()
        paths = [_save(upload, folder) for upload in files]
        mapping_file = _save(mapping, beside) if mapping else None
        report = import_files(platform, paths, tenant=tenant, mapping_file=mapping_file, dry_run=dry_run)
    refused = [part.model_copy(update={"reason": translate(part.reason, lang)}) for part in report.refused]
    return report.model_copy(update={"refused": refused})


def _importable(request: Request, tenant: str | None) -> str | None:
    """The tenant to import into; ForbiddenError for who may not, or into another's."""
    entry: Entry = request.state.entry
    if entry.way in {Way.OPEN, Way.OWNER_KEY} or entry.caller is None:
        return tenant
    caller: Caller = entry.caller
    require(caller, Action.IMPORT)
    if caller.regions is not None:
        raise ForbiddenError(
            "an import writes into every region", field="user", remedy="Ask an administrator of every region."
        )
    if tenant not in (None, caller.tenant):
        raise ForbiddenError(
            f"you are not of the company “{tenant}”", field="SalesHub-Tenant", remedy="Leave the header out."
        )
    return caller.tenant


def _save(upload: UploadFile, folder: Path) -> Path:
    """The upload as a file under its own base name; a path in the name is dropped."""
    name = PurePosixPath((upload.filename or "").replace("\\", "/")).name.replace("\0", "")
    if not name or name in {".", ".."} or len(name.encode()) > _LONGEST_NAME:
        raise InvalidInputError(
            "a file has no usable name", field="files", remedy="Send each file with a name of at most 255 bytes."
        )
    if upload.size is not None and upload.size > _MOST_BYTES:
        raise InvalidInputError(
            f"“{name}” is larger than {_MOST_BYTES} bytes", field="files", remedy="Split it, or use `saleshub import`."
        )
    path = folder / name
    if path.exists():
        raise ConflictError(
            f"two files are called “{name}”", field="files", remedy="Rename one, or send them one after the other."
        )
    with path.open("xb") as target:
        shutil.copyfileobj(upload.file, target)
    return path
