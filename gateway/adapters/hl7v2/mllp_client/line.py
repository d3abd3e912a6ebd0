"""One open connection to a receiver: the transport's callbacks around a `Conversation`."""

import asyncio
from contextlib import suppress
from typing import cast

from gateway.adapters.hl7v2.mllp_client.exchange import Answered, Broken, Conversation, Outgoing
from gateway.mapping.hl7v2.reply import Awaited, Reply


class LineLostError(Exception):
    """The connection ended before the answer: nobody knows whether the message was taken.

    `heard` is false where not one byte came back since the message left.
    """

    def __init__(self, reason: str, *, heard: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.heard = heard


class Line(asyncio.Protocol):
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._conversation = Conversation()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Reply] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._heard = False
        self._gone = asyncio.Event()

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, message: Outgoing, *, seconds: float) -> Reply | None:
        """The answer to a message; None where the message asks for none, or for errors only.

        Raises LineLostError, and TimeoutError after `seconds` to write or to wait.
        """
        if self._transport is None:
            raise LineLostError("the connection is closed")
        self._heard = False
        answer = self._answer = self._loop.create_future()
        try:
            self._transport.write(self._conversation.begin(message))
            await asyncio.wait_for(self._room.wait(), seconds)
            if message.awaited is Awaited.NOTHING and self.usable:
                return None
            return await asyncio.wait_for(answer, seconds)
        except asyncio.CancelledError:
            self.abort()
            raise
        except TimeoutError:
            self.abort()
            if message.awaited is Awaited.ERROR and self._room.is_set():
                return None
            raise
        finally:
            self._answer = None

    def abort(self) -> None:
        """Ends the connection at once: an answer that comes late finds nobody."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def end(self, *, seconds: float) -> None:
        """Closes, and cuts where the peer does not close its side of TLS in time."""
        self.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)
            return
        self.abort()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The limits of its buffer stay as they are: with one of 0, uvloop's TLS now and then never
        says that there is room again."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def data_received(self, data: bytes) -> None:
        self._heard = True
        told = self._conversation.feed(data)
        if isinstance(told, Broken):
            self._lose(told.reason)
            self.abort()
        elif isinstance(told, Answered) and self._answer is not None and not self._answer.done():
            self._answer.set_result(told.reply)

    def connection_lost(self, _problem: Exception | None) -> None:
        self._transport = None
        self._gone.set()
        self._room.set()
        self._lose("the connection ended")

    def _lose(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LineLostError(reason, heard=self._heard))
