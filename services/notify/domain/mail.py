"""What a mail about a notice says: the words of its kind, and nothing about anybody."""

from dataclasses import dataclass

from services.notify.domain.notices import FACTS, NoticeKind, Words

SIGN_IN = Words("Sign in to see it.", "Inicie sesión para verlo.")


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


def mail_text(kind: NoticeKind, *, language_code: str, table: str | None = None) -> Text:
    """Return subject and body in the recipient's language; *table* is a released one."""
    words = FACTS[kind].mail.said_in(language_code)
    parts = [words, SIGN_IN.said_in(language_code)]
    if table is not None:
        parts.insert(1, table)
    return Text(subject=f"Handoff: {words}", body="\n\n".join(parts) + "\n")
