"""Our calls over HTTP: a certified OpenID provider, and one that answers what it should not."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from certified_provider import SECRET, certified, through
from psc_peer import CLIENT
from vault_house import House, post, visiting
from vault_twins import Directory

from gateway.access.professions import professions
from gateway.adapters.oidc import RETRY_SECONDS, HttpProvider
from gateway.clock import Clock, SystemClock
from gateway.flows.signing_in.oidc.pro_signin import ProSignIn
from gateway.mapping.oidc.discovery import MAX_ANSWER_BYTES
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.readers.oidc import Client
from gateway.vault.rooms import VaultRooms


class RealHouse(House):
    provider: HttpProvider
    client: Client

    def rooms(self) -> VaultRooms:
        rooms = super().rooms()
        sign_in = replace(rooms.sign_in, clock=SystemClock())
        psc = ProSignIn(
            client=self.client,
            provider=self.provider,
            directory=Directory(self.people.pros),
            sign_in=sign_in,
            professions=professions(),
        )
        return replace(rooms, sign_in=sign_in, psc=psc)


async def test_a_certified_provider_lets_its_person_in_once() -> None:
    async with certified() as client:
        home = RealHouse()
        home.client, home.provider = client, HttpProvider(client, SECRET, SystemClock())
        try:
            async with visiting(home) as browser:
                asked = await browser.get("/pro/psc", allow_redirects=False)
                answer = await through(asked.headers["Location"])
                assert answer["iss"] == client.issuer
                got = await browser.get("/pro/psc/retour", params=answer, allow_redirects=False)
                assert (got.status, got.headers["Location"]) == (303, "/pro"), await got.text()
                assert "Kit DOC" in await (await browser.get("/pro")).text()
                await post(browser, "/pro", "/deconnexion")
                asked = await browser.get("/pro/psc", allow_redirects=False)
                again = await through(asked.headers["Location"])
                spent = await browser.get(
                    "/pro/psc/retour", params={**again, "code": answer["code"]}
                )
                assert (spent.status, 'data-refusal="psc-code"' in await spent.text()) == (
                    401,
                    True,
                )
        finally:
            await home.provider.close()


async def test_a_provider_that_does_not_know_our_secret_is_silent_to_the_person() -> None:
    async with certified() as client:
        provider = HttpProvider(client, "another", SystemClock())
        try:
            with pytest.raises(NotProvedError) as raised:
                await provider.exchange("code", verifier="v" * 43)
            assert raised.value.why is Why.SILENT
        finally:
            await provider.close()


@asynccontextmanager
async def saying(
    answers: Mapping[str, web.Response], clock: Clock | None = None, **changes: Any
) -> AsyncIterator[HttpProvider]:
    """A provider whose addresses answer so; `changes` are of its description."""
    app = web.Application()

    async def describe(request: web.Request) -> web.Response:
        issuer = f"http://{request.host}"
        told = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/auth",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/me",
            **changes,
        }
        return web.json_response(told)

    async def other(request: web.Request) -> web.Response:
        return answers[request.path]

    app.router.add_get("/.well-known/openid-configuration", describe)
    app.router.add_route("*", "/{rest:.*}", other)
    async with TestServer(app) as server:
        issuer = f"http://127.0.0.1:{server.port}"
        provider = HttpProvider(replace(CLIENT, issuer=issuer), SECRET, clock or SystemClock())
        try:
            yield provider
        finally:
            await provider.close()


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"x" * (MAX_ANSWER_BYTES + 1)},
        {"body": b"<html>"},
        {"body": b"[]"},
        {"body": b'{"keys": {}}'},
        {"body": b'{"keys": [], "keys": []}'},
        {"body": b"[" * 100_000},
        {"status": 302, "headers": {"Location": "/.well-known/openid-configuration"}},
        {"status": 500, "body": b"{}"},
    ],
)
async def test_keys_that_cannot_be_read_are_silence(answer: dict[str, Any]) -> None:
    async with saying({"/keys": web.Response(**answer)}) as provider:
        with pytest.raises(NotProvedError) as raised:
            await provider.keys()
    assert raised.value.why is Why.SILENT


class Failing(dict[str, web.Response]):
    """Counts what is asked of it, and has no answer."""

    asked = 0

    def __getitem__(self, path: str) -> web.Response:
        self.asked += 1
        return web.Response(status=500)


class SteppingClock(SystemClock):
    """Moves only when a test says so."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


async def test_keys_asked_for_in_vain_are_not_asked_for_again_by_each_token() -> None:
    clock, failing = SteppingClock(), Failing()
    async with saying(failing, clock) as provider:
        for seconds, asked in ((0.0, 1), (0.0, 1), (RETRY_SECONDS, 2)):
            clock.seconds += seconds
            with pytest.raises(NotProvedError) as raised:
                await provider.keys(fresh=True)
            assert (raised.value.why, failing.asked) == (Why.SILENT, asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://other.test"},
        {"token_endpoint": "https://other.test/token"},
        {"jwks_uri": "http://127.0.0.1:9/keys"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
async def test_no_address_off_the_issuers_host_is_called(changes: dict[str, Any]) -> None:
    async with saying({}, **changes) as provider:
        with pytest.raises(NotProvedError):
            await provider.exchange("code", verifier="v" * 43)


async def test_nobody_at_the_address_is_silence() -> None:
    provider = HttpProvider(replace(CLIENT, issuer="http://127.0.0.1:9"), SECRET, SystemClock())
    try:
        with pytest.raises(NotProvedError) as raised:
            await provider.endpoints()
        assert raised.value.why is Why.SILENT
    finally:
        await provider.close()
