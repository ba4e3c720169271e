#!/usr/bin/env python3
"""The chat page in a real browser, against a server that is running: chat_test.py BASE_URL [FOLDER FOR SCREENSHOTS]

Walks the way of somebody who needs help: says who they are, asks, reads the reply, reloads, loses the connection, uses
nothing but the keyboard, starts over; in light and dark, on a phone and on a desk. Exits 1 on the first thing that is
not so. The browser is Debian's own Chromium; none is downloaded.
"""
import os
import pathlib
import re
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

BASE = sys.argv[1].rstrip("/")
SHOTS = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ".build-browser/screenshots")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUESTION = "My payout has not arrived yet, what can I do?"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=15_000)


def check(what: str) -> None:
    print(f"  ok  {what}", flush=True)


def accessible(page: Page, where: str) -> None:
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    told = [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]
    assert not found, f"axe on {where}: " + "; ".join(told)
    check(f"axe finds nothing serious: {where}")


def introduce(page: Page, name: str = "Ana Reyes", network: str = "Stellar Talent") -> None:
    page.goto(f"{BASE}/chat")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Network").fill(network)
    page.get_by_role("button", name="Start chatting").click()
    expect(page.get_by_role("log")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()


def mine(page: Page):
    return page.locator("li.mine .bubble")


def replies(page: Page):
    return page.locator("li.bot .bubble, li.person .bubble")


def fits(page: Page, where: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, f"{where} scrolls sideways"
    check(f"nothing is wider than the screen: {where}")


def watched(page: Page) -> Page:
    """Notes whatever the page complains of; a lost connection is no fault of the page."""
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text)
            if m.type == "error" and "Failed to load resource" not in m.text and "net::ERR" not in m.text else None)
    page.on("request", lambda r: page.faults.append(f"loads {r.url}")
            if not r.url.startswith((BASE, "data:", "blob:")) else None)
    return page


def conversation(browser) -> None:
    context = browser.new_context(viewport=DESK, color_scheme="light", reduced_motion="reduce")
    page = watched(context.new_page())
    page.goto(f"{BASE}/")
    accessible(page, "front page")
    page.get_by_role("link", name="Open the chat").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    accessible(page, "form, light")
    page.screenshot(path=SHOTS / "form-light-desk.png")

    page.get_by_role("button", name="Start chatting").click()
    expect(page.get_by_text("Please tell us your name.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_be_focused()
    assert page.get_by_label("Your name").get_attribute("aria-invalid") == "true"
    accessible(page, "form with mistakes")
    check("an empty form says what is missing and goes there")

    introduce(page)
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    say(page, QUESTION)
    expect(mine(page)).to_have_count(1)
    expect(page.locator("li.mine .state")).to_have_text("Sent")
    expect(replies(page).first).to_be_visible()
    check("a message is sent and the reply arrives")
    expect(page.locator("li.bot .badge").first).to_have_text("Automated")

    say(page, "<script>document.title = 'broken'</script> **not bold**")
    expect(mine(page).nth(1)).to_have_text("<script>document.title = 'broken'</script> **not bold**")
    assert "broken" not in page.title()
    check("what looks like code is shown as it was typed")
    expect(replies(page).nth(1)).to_be_visible()
    accessible(page, "conversation, light")
    page.screenshot(path=SHOTS / "chat-light-desk.png")

    before = page.locator("li.line .bubble").all_inner_texts()
    page.reload()
    expect(page.locator("li.line")).to_have_count(len(before))
    assert page.locator("li.line .bubble").all_inner_texts() == before
    check("a reload keeps the conversation")

    page.get_by_label("Message", exact=True).fill("half a thou")
    page.reload()
    expect(page.get_by_label("Message", exact=True)).to_have_value("half a thou")
    page.get_by_label("Message", exact=True).fill("")
    check("a reload keeps the draft")

    page.get_by_role("button", name="Start a new conversation").click()
    dialog = page.get_by_role("dialog")
    accessible(page, "dialog")
    dialog.get_by_role("button", name="Keep this one").click()
    expect(page.locator("li.line")).to_have_count(len(before))
    page.get_by_role("button", name="Start a new conversation").click()
    dialog.get_by_role("button", name="Start a new conversation").click()
    expect(page.locator("li.line")).to_have_count(0)
    say(page, "And now something else: " + QUESTION)
    expect(replies(page).first).to_be_visible()
    page.reload()
    expect(mine(page)).to_have_count(1)
    check("a new conversation is a new one, after a reload too")
    assert not page.faults, page.faults
    check("the page has complained of nothing and loaded nothing from elsewhere")
    context.close()


def lost_connection(browser) -> None:
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page = watched(context.new_page())
    introduce(page)
    say(page, "before")
    expect(page.locator("li.mine .state")).to_have_text("Sent")

    context.set_offline(True)
    expect(page.get_by_text("Connection lost, trying again…")).to_be_visible()
    say(page, "written offline, " + QUESTION)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    accessible(page, "offline")
    page.screenshot(path=SHOTS / "offline-desk.png")
    check("offline: a banner, and the message says that it is not sent")
    context.set_offline(False)
    expect(page.get_by_text("Connection lost, trying again…")).to_be_hidden()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(mine(page)).to_have_count(2)
    expect(page.locator("li.mine .state:visible")).to_have_text("Sent")
    check("online again: it is sent by itself, once")

    # The answer to a message is lost: the page cannot know whether it was kept, sends it again, and it stands there once.
    sent = []

    def lose_answer(route):
        sent.append(route.fetch().status)
        route.abort()

    page.route("**/chat/messages", lose_answer, times=1)
    say(page, "kept, but the answer is lost")
    expect(mine(page)).to_have_count(3)
    page.reload()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(mine(page)).to_have_count(3)
    assert sent and sent[0] == 201, sent
    check("a lost answer doubles nothing, through a reload")

    # Typed while the server cannot be reached, and the page is closed meanwhile.
    page.route("**/chat/messages", lambda route: route.abort())
    say(page, "closed before it was sent")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/chat/messages")
    page.close()
    page = watched(context.new_page())
    page.goto(f"{BASE}/chat")
    expect(mine(page).last).to_have_text("closed before it was sent")
    expect(page.locator("li.mine .state:visible")).to_have_text("Sent")
    expect(mine(page)).to_have_count(4)
    check("what was not sent survives the page")
    context.close()


def keyboard(browser) -> None:
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page = watched(context.new_page())
    page.goto(f"{BASE}/chat")
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type("Stellar")
    page.keyboard.press("Enter")
    field = page.get_by_label("Message", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("line one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("line two")
    expect(field).to_have_value("line one\nline two")
    page.keyboard.press("Enter")
    expect(mine(page)).to_have_text(re.compile("line one\nline two"))
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    outline = ""
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "start-over":
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            break
    assert outline not in ("", "none"), "the focus cannot be seen"
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep this one")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(mine(page)).to_have_count(1)
    assert not page.faults, page.faults
    check("the keyboard alone is enough, and the focus can be seen")
    context.close()


def looks(browser) -> None:
    for scheme in ("light", "dark"):
        for name, size in (("phone", PHONE), ("desk", DESK)):
            context = browser.new_context(
                viewport=size, color_scheme=scheme, reduced_motion="reduce", device_scale_factor=2,
                has_touch=name == "phone", is_mobile=name == "phone")
            page = watched(context.new_page())
            page.goto(f"{BASE}/chat")
            accessible(page, f"form, {scheme}, {name}")
            page.screenshot(path=SHOTS / f"form-{scheme}-{name}.png")
            introduce(page)
            page.screenshot(path=SHOTS / f"welcome-{scheme}-{name}.png")
            say(page, QUESTION)
            expect(replies(page).first).to_be_visible()
            say(page, "I need to talk to a human please")
            expect(replies(page).nth(1)).to_be_visible()
            fits(page, f"conversation, {scheme}, {name}")
            accessible(page, f"conversation, {scheme}, {name}")
            page.screenshot(path=SHOTS / f"chat-{scheme}-{name}.png")
            assert not page.faults, page.faults
            context.close()


def narrow(browser) -> None:
    # 400 % zoom on a laptop is 320 pixels wide (WCAG 1.4.10).
    context = browser.new_context(viewport={"width": 320, "height": 560}, reduced_motion="reduce")
    page = watched(context.new_page())
    introduce(page, name="A" * 80, network="W" * 80)
    say(page, "x" * 500)
    expect(page.locator("li.mine .state")).to_have_text("Sent")
    fits(page, "320 pixels, long words")
    page.screenshot(path=SHOTS / "narrow.png")
    page.get_by_label("Message", exact=True).fill("y" * 8001)
    page.keyboard.press("Enter")
    expect(page.get_by_text("8001 of 8000 characters")).to_be_visible()
    expect(mine(page)).to_have_count(1)
    check("a message that is too long says so before it is sent")
    context.close()


def main() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for part in (conversation, lost_connection, keyboard, looks, narrow):
            print(part.__name__.replace("_", " "), flush=True)
            part(browser)
        browser.close()
    print(f"The chat page works. Screenshots: {SHOTS}")


main()
