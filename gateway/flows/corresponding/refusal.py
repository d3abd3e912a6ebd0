"""Why a message was not sent, for the form that asked."""

from gateway.errors import RefusedError
from gateway.records.correspondence.conversation import Unwritten


class UnwrittenError(RefusedError):
    """Nothing was sent; `code` says why."""

    def __init__(self, code: Unwritten) -> None:
        super().__init__(f"The message was not sent: {code.value}.")
        self.code = code
