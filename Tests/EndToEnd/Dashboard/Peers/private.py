# SPDX-License-Identifier: Apache-2.0
"""A browser at a gateway that answers only those it knows.

    python private.py GATEWAY OWNER_TOKEN FOLDER

Prints one line of JSON: what held, and each complaint.
"""

import json
import sys
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

PASSPHRASE = "correct horse battery"


class Owner:
    """What the gateway's owner does beside the browser."""

    def __init__(self, gateway, token):
        self.gateway, self.token = gateway, token

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.gateway + path, method=method, headers={"Authorization": f"Bearer {self.token}"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


class Visit:
    def __init__(self, page, gateway, folder):
        self.page, self.gateway, self.folder = page, gateway, folder
        self.held, self.complaints = [], []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def hold(self, name):
        self.held.append(name)
        print(name, file=sys.stderr)

    def heading(self, text, patience=20_000):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text, timeout=patience)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def axe(self, name):
        found = Axe().run(self.page).response["violations"]
        self.complaints += [f"axe on {name}: {one['id']} ({one['impact']})" for one in found]
        if not found:
            self.hold(f"axe: {name}")

    def live(self):
        self.heading("Overview")
        expect(self.page.locator(".blockrow li").nth(2)).to_be_visible()
        expect(self.page.get_by_text("live", exact=True)).to_be_visible()


def stranger(visit):
    page = visit.page
    page.goto(visit.gateway + "/treasury")
    visit.heading("Sign in")
    expect(page.get_by_text("This gateway answers those it knows.")).to_be_visible()
    visit.axe("signing in")
    page.screenshot(path=f"{visit.folder}/sign-in.png")
    page.get_by_label("Key", exact=True).fill("atoll_000000000000_" + "0" * 64)
    visit.button("Use the key").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    visit.heading("Sign in")
    visit.hold("a stranger sees nothing, and a made-up key opens nothing")


def wallet(visit, owner):
    page = visit.page
    page.get_by_role("link", name="Make or restore one").click()
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("Passphrase again").fill(PASSPHRASE)
    visit.button("Make the wallet").click()
    visit.heading("Sign in")
    visit.button("Sign in").click()
    expect(page.get_by_text("does not let you read yet")).to_be_visible()
    visit.axe("known and not let in")
    page.screenshot(path=f"{visit.folder}/sign-in-refused.png")
    visit.hold("who is known and in no team learns whom to ask")
    account = json.loads(page.evaluate("localStorage.getItem('atoll.wallet')"))["account"]
    owner.call("PUT", "/v1/access/teams/crew", {"members": [account]})
    page.locator(".card.unsure").get_by_role("button", name="Sign out").click()
    visit.button("Sign in").click()
    # A page that is left now would take the login with it.
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in", timeout=20_000)
    page.goto(visit.gateway + "/")
    visit.live()
    visit.hold("who is in a team signs in with the wallet, sees live events, and stays over a reload")
    owner.call("PUT", "/v1/access/teams/crew", {"members": []})
    expect(page.get_by_text("does not let you read yet")).to_be_visible(timeout=30_000)
    visit.hold("who leaves the team is out")
    page.locator(".card.unsure").get_by_role("button", name="Sign out").click()
    visit.heading("Sign in")


def key(visit, owner):
    page = visit.page
    made = owner.call("POST", "/v1/access/keys", {"name": "screen", "scopes": ["read"]})
    page.get_by_label("Key", exact=True).fill(made["text"])
    visit.button("Use the key").click()
    visit.live()
    assert made["text"] not in page.url and "ticket" not in page.url
    visit.hold("a key that reads opens the pages and the live parts")
    owner.call("DELETE", f"/v1/access/keys/{made['id']}")
    visit.heading("Sign in", 30_000)
    visit.hold("a key that is revoked closes them")
    assert page.evaluate("sessionStorage.getItem('atoll.session')") is None
    page.reload()
    visit.heading("Sign in")
    visit.hold("and nothing of it is kept")


def main(gateway, token, folder):
    expect.set_options(timeout=20_000)
    owner = Owner(gateway, token)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
        visit = Visit(context.new_page(), gateway, folder)
        try:
            stranger(visit)
            wallet(visit, owner)
            key(visit, owner)
        except Exception as failure:
            visit.complaints.append(
                f"after {visit.held[-1:]}: {type(failure).__name__}: {failure}"[:1500])
            visit.page.screenshot(path=f"{folder}/failure.png")
        browser.close()
    print(json.dumps({"held": visit.held, "complaints": visit.complaints}))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3])
