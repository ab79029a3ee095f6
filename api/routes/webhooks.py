"""Events from other systems; a signature is the only key this door knows."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import PlatformDep
from core.domain.webhooks import EventIn
from hub.events.receiving import Taken, receive_event

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

Source = Annotated[str, Path(max_length=64, description="Who sends, as named when its key was made")]

_BODY = {
    "requestBody": {
        "required": True,
        "description": "A CloudEvent 1.0: structured, or its data alone with the attributes in `ce-*` headers. Signed "
        "as Standard Webhooks describe, in `webhook-id`, `webhook-timestamp` and `webhook-signature`.",
        "content": {
            "application/cloudevents+json": {"schema": {"type": "object"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


@router.post("/{source}", openapi_extra=_BODY, responses={202: {"model": Taken, "description": "A run was started"}})
async def receive(platform: PlatformDep, source: Source, request: Request, response: Response) -> Taken:
    """Take in one event. Sent again under the same id, it gives the first outcome and does nothing."""
    body = await request.body()
    taken = await run_in_threadpool(receive_event, platform, source, request.headers.raw, body)
    if taken.type == EventIn.VISIT_REQUESTED and not taken.repeated:
        response.status_code = 202
        response.headers["Location"] = f"/v1/visit-requests/{taken.detail}"
    return taken
