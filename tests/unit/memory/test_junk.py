"""What is of no use in a memory, and what only looks like it."""

import pytest

from memory.junk import Junk, junk_of

OF_NO_USE = [
    ("Thanks, Ana.", Junk.COURTESY),
    ("Dear Mr Wu, good morning. Best regards", Junk.COURTESY),
    ("王总您好！收到，谢谢。祝好", Junk.COURTESY),
    ("> we said 40 pumps\n> by May", Junk.QUOTED),
    ("From: a@b.example\nSent: Monday\nTo: c@d.example\nfine", Junk.QUOTED),
    ("Automatic reply: I am back on Monday.", Junk.AUTOMATIC),
    ("I'm currently out of the office until 3 May.", Junk.AUTOMATIC),
    ("自动回复：我休假至5月3日。", Junk.AUTOMATIC),
    ("Our spring offers! Click here to unsubscribe.", Junk.BULK),
    ("如不想再收到此类邮件，请退订。", Junk.BULK),
    ("This message is confidential and intended only for the person named above.", Junk.DISCLAIMER),
    ("本邮件及附件含保密信息，仅供收件人使用。", Junk.DISCLAIMER),
    ("The portal password is Tr0ub4dor&3.", Junk.SECRET),
    ("密码是：abc12345，请妥善保管。", Junk.SECRET),
]
OF_USE = [
    "Thanks for the 40 pumps.",
    "Great, 40 at 3,200 then.",
    "好的，价格四十万可以。",
    "Mr Wu is out of the office until May, Ms Li signs for him.",
    "He wrote: we need 40 pumps.\nCan you deliver in May?",
    "The drawings are confidential; who may see them on your side?",
    "We forgot the password of the portal, can you reset it?",
    "From May on we need 40 a month.",
]


@pytest.mark.parametrize(("text", "reason"), OF_NO_USE)
def test_what_says_nothing_is_told_by_its_form(text: str, reason: Junk) -> None:
    assert junk_of(text) is reason


@pytest.mark.parametrize("text", OF_USE)
def test_what_says_something_is_kept(text: str) -> None:
    assert junk_of(text) is None


def test_an_empty_passage_says_nothing() -> None:
    assert junk_of(" \n") is Junk.COURTESY
