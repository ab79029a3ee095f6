"""A receiver of events that can be down: it closes every connection without an answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came in: the id and the subject of each event."""

    url: str
    answers: bool = True
    got: list[tuple[str, str]] = field(default_factory=list)

    def ids_by_subject(self) -> dict[str, set[str]]:
        """The ids of the events about each subject; the same event sent again has the same id."""
        found: dict[str, set[str]] = {}
        for id_, subject in self.got:
            found.setdefault(subject, set()).add(id_)
        return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on loopback that runs while the block does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if not receiver.answers:
                self.close_connection = True
                return
            receiver.got.append((self.headers["webhook-id"], event["subject"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing on standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/events")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
