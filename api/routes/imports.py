"""Import of files through the API."""

import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile

from api.deps import CallerDep, PlatformDep
from core.errors import InvalidInputError
from hub.importing import ImportReport, import_files

router = APIRouter(tags=["import"])

_MOST_BYTES = 256 * 1024 * 1024


@router.post("/imports")
def import_uploads(
    platform: PlatformDep,
    caller: CallerDep,
    files: Annotated[list[UploadFile], File(description="Exports; one zip archive may hold many")],
    dry_run: Annotated[bool, Query(description="Read and check everything, write nothing")] = False,
) -> ImportReport:
    """Import exports of CRM, stock, contracts, mail and transcripts; refused rows are listed in the answer."""
    uploads = platform.settings.uploads_folder
    uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=uploads) as folder:
        paths = [_save(upload, Path(folder)) for upload in files]
        return import_files(platform, paths, tenant=caller.tenant, dry_run=dry_run)


def _save(upload: UploadFile, folder: Path) -> Path:
    """The upload as a file under its own base name; a path in the name is dropped."""
    name = PurePosixPath((upload.filename or "").replace("\\", "/")).name
    if not name or name in {".", ".."}:
        raise InvalidInputError("a file has no name", field="files", remedy="Send each file with its file name.")
    if upload.size is not None and upload.size > _MOST_BYTES:
        raise InvalidInputError(
            f"“{name}” is larger than {_MOST_BYTES} bytes", field="files", remedy="Split it, or use `saleshub import`."
        )
    path = folder / name
    with path.open("xb") as target:
        shutil.copyfileobj(upload.file, target)
    return path
