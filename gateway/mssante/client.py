"""A sender's side of the mail door, for `gateway send`."""

from email.message import EmailMessage

import aiosmtplib


async def submit(
    host: str, port: int, mail: EmailMessage, timeout_seconds: float
) -> tuple[int, str]:
    """The door's last reply. Raises OSError or TimeoutError without one."""
    try:
        _, text = await aiosmtplib.send(mail, hostname=host, port=port, timeout=timeout_seconds)
    except aiosmtplib.SMTPResponseException as error:
        return error.code, error.message
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        return first.code, first.message
    except aiosmtplib.SMTPException as error:
        raise OSError(str(error)) from error
    return 250, text
