# SPDX-License-Identifier: Apache-2.0
"""A newcomer in a browser, from nothing to a passed proposal, on a real local cloud.

    python journey.py GATEWAY FOLDER

Drives Debian's Chromium by Playwright, takes the pictures of docs/ into FOLDER, runs axe on every
page, and prints one line of JSON: what held, each complaint, and the figures.
"""

import json
import re
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

PASSPHRASE = "correct horse battery"
# What nobody may see run: it is put into every text of every answer, an output, a reason, a search.
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


class Journey:
    def __init__(self, page, gateway, folder):
        self.page, self.gateway, self.folder = page, gateway, folder
        self.held, self.complaints, self.figures = [], [], {}
        self.console, self.foreign = [], set()
        self.is_offline = False
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complain(f"page error: {error}"))
        page.on("dialog", lambda dialog: (self.complain("a dialog ran"), dialog.dismiss()))
        page.on("request", self.watch)

    def hear(self, message):
        if message.type == "error" and not self.is_offline:
            self.console.append(f"{message.text} at {message.location.get('url', '')}")

    def watch(self, request):
        if not request.url.startswith((self.gateway, "data:", "blob:")):
            self.foreign.add(request.url)

    def complain(self, words):
        self.complaints.append(words)

    def hold(self, name):
        self.held.append(name)
        print(f"{time.strftime('%H:%M:%S')} {name}", file=sys.stderr)

    def go(self, path, heading):
        self.page.goto(self.gateway + path)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def follow(self, link, heading):
        self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=link).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def picture(self, name, full=False):
        # What was told is put away, so that nothing hides the page.
        self.page.evaluate(
            "document.querySelectorAll('.note button').forEach(one => one.click())")
        self.page.wait_for_timeout(350)
        self.page.screenshot(path=f"{self.folder}/{name}.png", full_page=full)

    def axe(self, name):
        found = Axe().run(self.page).response["violations"]
        for one in found:
            places = [" ".join(node["target"]) for node in one["nodes"][:3]]
            self.complain(f"axe on {name}: {one['id']} ({one['impact']}) at {places}")
        if not found:
            self.hold(f"axe: {name}")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def said(self, words):
        expect(self.page.locator(".notes")).to_contain_text(words, timeout=20_000)


def arrive(walk):
    page = walk.page
    walk.go("/", "Overview")
    expect(page.get_by_text("From nothing to a working cloud")).to_be_visible()
    expect(page.locator(".blockrow li").nth(3)).to_be_visible()
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
    sent = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter(one => one.name.includes('/assets/') || one.entryType === 'navigation')"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)")
    walk.figures["first contentful paint, ms"] = round(paint or -1, 1)
    walk.figures["page weight, bytes"] = sent
    walk.axe("overview")
    walk.hold("the overview shows live blocks")


def wallet(walk):
    page = walk.page
    page.get_by_role("link", name="Make a wallet").first.click()
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("Passphrase again").fill("something else")
    walk.button("Make the wallet").click()
    expect(page.get_by_role("alert").filter(has_text="differ")).to_be_visible()
    walk.axe("making a wallet")
    page.get_by_label("Passphrase again").fill(PASSPHRASE)
    walk.button("Make the wallet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wallet")
    stored = page.evaluate("localStorage.getItem('atoll.wallet')")
    assert set(json.loads(stored)) == {
        "version", "publicKey", "account", "iterations", "salt", "nonce", "sealed"}
    walk.hold("a wallet is made and only its sealed form is stored")
    page.get_by_role("button", name="Get 10,000 test tokens").click()
    walk.said("of test money are yours")
    expect(page.locator(".tile").first).to_contain_text("10,000")
    walk.hold("the faucet gives test tokens")
    walk.axe("wallet")
    walk.picture("wallet")


def lock(walk):
    page = walk.page
    page.reload()
    page.get_by_label("Passphrase").fill("not the passphrase")
    walk.button("Unlock").click()
    expect(page.get_by_role("alert").filter(has_text="does not open")).to_be_visible()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    walk.button("Unlock").click()
    expect(page.locator(".tile").first).to_contain_text("10,000")
    walk.hold("a reload locks the wallet, and only the passphrase opens it")


def unlock(walk):
    walk.go("/wallet", "Wallet")
    walk.page.get_by_label("Passphrase").fill(PASSPHRASE)
    walk.button("Unlock").click()
    expect(walk.page.locator(".tile").first).to_contain_text("ATL")


def propose(walk):
    page = walk.page
    walk.follow("Proposals", "Proposals")
    walk.axe("no proposals")
    page.get_by_role("link", name="Propose something").first.click()
    page.get_by_role("button", name="Lock 1,000 ATL for votes").click()
    walk.said("vote for you now")
    page.get_by_label("Title").fill("Ask for a smaller deposit")
    page.get_by_label("Why").fill("So that more people can propose, and nobody has to ask for money first.")
    page.get_by_label("New value").fill("100000000000000000000000000000000")
    walk.button("Propose it").click()
    expect(page.get_by_role("alert").first).to_be_visible(timeout=20_000)
    walk.hold("a change out of range is refused before anybody votes")
    page.get_by_label("New value").fill("50")
    walk.axe("a new proposal")
    walk.picture("proposal-new")
    walk.button("Propose it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("smaller deposit", timeout=20_000)
    walk.hold("a proposal is made")
    walk.button("Simulate it").click()
    expect(page.get_by_label("What would change").locator("li").first).to_be_visible()
    walk.hold("the ledger simulates it")
    return page.url


def run_job(walk):
    page = walk.page
    walk.follow("Jobs", "Jobs")
    walk.axe("no jobs")
    page.get_by_role("link", name="Run a job").first.click()
    walk.button("Use the word counter").click()
    expect(page.get_by_text("At the lowest prices")).to_be_visible()
    walk.axe("a new job")
    walk.picture("job-new")
    walk.button("Run it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Job", timeout=20_000)
    expect(page.locator(".console")).to_contain_text("different words", timeout=60_000)
    walk.hold("a job runs and its output is shown")
    walk.button("Verify").click()
    expect(page.locator(".checks .holds")).to_have_count(5, timeout=30_000)
    expect(page.locator(".card.sure")).to_contain_text("verified")
    walk.hold("its receipt is verified in the browser")
    walk.axe("a job")
    walk.picture("job")
    return page.url.removeprefix(walk.gateway)


def stake(walk):
    page = walk.page
    walk.follow("Validators", "Validators")
    expect(page.get_by_role("link", name="Stake behind validator-1")).to_be_visible()
    walk.axe("validators")
    walk.picture("validators")
    page.get_by_role("link", name="Stake behind validator-1").click()
    page.get_by_label("Amount in ATL").fill("250")
    walk.button("Stake").click()
    walk.said("stand behind validator-1")
    expect(page.locator(".stakes li")).to_contain_text("250")
    walk.hold("tokens are staked behind a validator")
    walk.button("Claim").click()
    walk.said("are yours")
    walk.hold("rewards are claimed")
    walk.axe("staking")


def vote(walk, address):
    page = walk.page
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Proposals").click()
    page.get_by_role("link", name="Ask for a smaller deposit").click()
    expect(walk.button("Yes")).to_be_visible(timeout=30_000)
    assert page.url == address
    walk.button("Yes").click()
    walk.said("You voted yes")
    expect(page.locator(".tally")).to_contain_text("100 %")
    walk.axe("a proposal")
    walk.picture("proposal")
    walk.hold("a vote is cast and counted live")


def passed(walk, address):
    page = walk.page
    page.goto(address)
    expect(page.locator(".heading .badge")).to_have_text("executed", timeout=90_000)
    figures = page.evaluate("fetch('/v1/figures').then(one => one.json())")
    assert figures["governance"]["depositMin"] == "50", figures["governance"]
    walk.hold("the proposal passes and carries itself out")


def look_around(walk):
    page = walk.page
    for link, heading, name in [
        ("Providers", "Providers", "providers"), ("Blocks", "Blocks", "blocks"),
        ("Network", "Network", "network"), ("Treasury", "Treasury", "treasury"),
        ("Identity", "Identity", "identity"), ("Operations", "Operations", "operations"),
        ("Overview", "Overview", "overview"),
    ]:
        walk.follow(link, heading)
        expect(page.locator(".skeleton")).to_have_count(0, timeout=15_000)
        walk.axe(name)
        walk.picture(name)
    for path, heading in [
        ("/blocks/3", "Block 3"), ("/nowhere/at/all", None), ("/jobs/xyz", "Job"),
        ("/proposals/99", "Proposal 99"), (f"/identity?find={SCRIPT}", "Identity"),
    ]:
        if heading is None:
            continue
        walk.is_offline = True  # A missing thing is a 404, which the browser notes by itself.
        walk.go(path, heading)
        walk.axe(path.split("?")[0])
        walk.is_offline = False
    walk.hold("every page has its address, and says what is missing")


def states(walk):
    """Nothing there, and what cannot be had, each in its own words."""
    page = walk.page
    lists = [
        ("/providers", "Providers", "**/v1/providers?*", {"providers": []}),
        ("/proposals", "Proposals", "**/v1/proposals?*", {"proposals": []}),
        ("/validators", "Validators", "**/v1/validators", None),  # A chain is never without.
    ]
    for path, heading, pattern, empty in lists:
        if empty is not None:
            page.route(pattern, lambda route, _, empty=empty: route.fulfill(json=empty))
            walk.go(path, heading)
            expect(page.locator(".empty").first).to_be_visible()
            walk.axe(f"nothing in {path}")
            page.unroute(pattern)
        walk.is_offline = True  # A failure is noted by the browser itself.
        problem = {"type": "urn:atoll:problem:nodeFailed", "title": "It failed", "detail": "made to fail"}
        page.route(pattern, lambda route: route.fulfill(status=500, json=problem))
        walk.go(path, heading)
        expect(page.locator(".failure").filter(has_text="made to fail").first).to_be_visible()
        walk.axe(f"a failure in {path}")
        page.unroute(pattern)
        page.get_by_role("button", name="Try again").first.click()
        expect(page.locator(".failure")).to_have_count(0)
        walk.is_offline = False
    walk.hold("lists say when nothing is there, and when they cannot be had")


def credential(walk):
    page = walk.page
    walk.follow("Identity", "Identity")
    page.get_by_role("button", name="Begin my identity").click()
    walk.said("has begun")
    expect(page.get_by_text("did:atoll:z").first).to_be_visible()
    walk.hold("an identity's log begins")
    page.get_by_role("textbox", name="Credential").fill('{"type": "' + SCRIPT.replace('"', "") + '"}')
    walk.is_offline = True  # What is no credential is refused, which the browser notes by itself.
    walk.button("Check it").click()
    page.wait_for_timeout(800)
    walk.is_offline = False
    walk.axe("a credential")


def dark_and_small(walk):
    page = walk.page
    walk.go("/", "Overview")
    page.get_by_role("button", name="Use dark colours").click()
    for path, heading, name in [
        ("/", "Overview", "overview-dark"), ("/treasury", "Treasury", "treasury-dark"),
        ("/network", "Network", "network-dark"),
    ]:
        walk.go(path, heading)
        expect(page.locator(".skeleton")).to_have_count(0, timeout=15_000)
        walk.axe(name)
        walk.picture(name)
    page.set_viewport_size({"width": 390, "height": 844})
    for path, heading, name in [
        ("/", "Overview", "phone-overview"), ("/validators", "Validators", "phone-validators"),
        ("/jobs/new", "Run a job", "phone-job"), ("/proposals", "Proposals", "phone-proposals"),
    ]:
        walk.go(path, heading)
        expect(page.locator(".skeleton")).to_have_count(0, timeout=15_000)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            walk.complain(f"{name} is {wide} px wider than the screen")
        walk.axe(name)
        walk.picture(name)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Treasury").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Treasury")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Use light colours").click()
    walk.hold("light, dark and a phone")


def keyboard(walk):
    page = walk.page
    walk.go("/", "Overview")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Providers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    walk.hold("the keyboard alone reaches the pages, and the heading has the focus")


def lose_the_gateway(walk):
    page = walk.page
    walk.go("/blocks", "Blocks")
    expect(page.locator("tbody tr").nth(2)).to_be_visible()
    walk.is_offline = True
    page.context.set_offline(True)
    expect(page.get_by_role("alert").filter(has_text="Connection lost")).to_be_visible(timeout=15_000)
    walk.axe("no connection")
    walk.picture("offline")
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text="Connection lost")).to_have_count(0, timeout=15_000)
    page.wait_for_timeout(300)
    walk.is_offline = False
    walk.hold("a lost connection is said, and found again by itself")


def poisoned(value):
    """The same answer with markup in every text that is neither a number nor an identifier."""
    if isinstance(value, dict):
        return {name: poisoned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    if isinstance(value, str) and not re.fullmatch(r"[0-9a-f.]*", value):
        return value + SCRIPT
    return value


def hostile_gateway(walk, proposal, job):
    page = walk.page

    def answer(route):
        response = route.fetch()
        if re.search("/(stdout|stderr)$|/blobs/", route.request.url):
            return route.fulfill(response=response, body=SCRIPT)
        if "json" not in response.headers.get("content-type", ""):
            return route.fulfill(response=response)
        return route.fulfill(response=response, json=poisoned(response.json()))

    # Streams of events never end, so they pass as they are.
    page.route(re.compile(r"/v1/(?!events|genesis)"), answer)
    shown = 0
    for path, heading in [
        ("/", "Overview"), ("/providers", "Providers"), ("/validators", "Validators"),
        ("/proposals", "Proposals"), ("/treasury", "Treasury"), ("/network", "Network"),
        ("/identity", "Identity"), ("/operations", "Operations"), ("/jobs?of=all", "Jobs"),
        ("/blocks", "Blocks"), (job, "Job"),
        (proposal, f"Ask for a smaller deposit{SCRIPT}"),
    ]:
        walk.go(path, heading)
        page.wait_for_timeout(700)
        assert page.locator("#root img, #root script, #root iframe").count() == 0, path
        shown += page.get_by_text("<script>alert(2)").count()
    assert shown >= 14, f"the markup is shown as text {shown} times"
    page.unroute_all(behavior="ignoreErrors")
    walk.hold("XSS: markup in any text of any answer is shown as text and never runs")


def main(gateway, folder):
    # A busy machine may take its time; what is asserted is what happens, not how fast.
    expect.set_options(timeout=20_000)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
        context.set_default_timeout(20_000)
        walk = Journey(context.new_page(), gateway, folder)
        try:
            arrive(walk)
            wallet(walk)
            lock(walk)
            address = propose(walk)
            job = run_job(walk)
            stake(walk)
            vote(walk, address)
            look_around(walk)
            unlock(walk)
            credential(walk)
            states(walk)
            dark_and_small(walk)
            keyboard(walk)
            hostile_gateway(walk, address.removeprefix(gateway), job)
            lose_the_gateway(walk)
            passed(walk, address)
        except Exception as failure:
            walk.complain(f"after {walk.held[-1:]}: {type(failure).__name__}: {failure}"[:1500])
            walk.page.screenshot(path=f"{folder}/failure.png")
        walk.complaints += [f"console: {line}" for line in walk.console]
        walk.complaints += [f"asked elsewhere: {url}" for url in sorted(walk.foreign)]
        if not walk.console:
            walk.hold("0 console errors")
        if not walk.foreign:
            walk.hold("no request leaves the gateway")
        browser.close()
    print(json.dumps({"held": walk.held, "complaints": walk.complaints, "figures": walk.figures}))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
