"""How many tokens a request can have, without its model's tokeniser."""

from graphs.models.messages import Request
from graphs.models.wire import request_text

# A message costs a few tokens beside its text: its role, its marks.
_PER_MESSAGE = 16
# English has about four bytes a token, Chinese about three.
_USUAL_BYTES = 3
# Longer pieces than this are rare among the tokens of any model.
_LONGEST_TOKEN = 16
_SLACK = 4_096


def most_tokens(request: Request) -> int:
    """Most tokens that `request` can be: tokenisers of these models make at least one byte of each."""
    return len(request_text(request).encode()) + _PER_MESSAGE * len(request.messages)


def usual_tokens(most: int) -> int:
    """About how many tokens a text of `most` bytes has, rather too many than too few."""
    return most // _USUAL_BYTES


def longest_answer(most: int) -> int:
    """Bytes beyond which an answer of at most `most` tokens has broken its limit."""
    return most * _LONGEST_TOKEN + _SLACK
