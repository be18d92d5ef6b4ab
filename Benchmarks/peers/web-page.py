# SPDX-License-Identifier: Apache-2.0
"""Loads a gateway's dashboard again and again with an empty cache.

    python web-page.py GATEWAY LOADS

Prints bytes of one load, then medians in milliseconds: the first paint, figures of the cloud on the
screen, the largest paint.
"""

import statistics
import sys

from playwright.sync_api import sync_playwright

SEEN = """() => new Promise((done) => {
  const look = () => document.querySelector('.tile .value') ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""
LARGEST = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().pop().startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))"""
BYTES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((one) => one.name.includes('/assets/') || one.entryType === 'navigation')
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def main(gateway, loads):
    rows = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for _ in range(loads + 1):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(gateway, wait_until="commit")
            seen = page.evaluate(SEEN)
            first = page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
            rows.append((page.evaluate(BYTES), first, seen, page.evaluate(LARGEST)))
            context.close()
        browser.close()
    # The first load fills the caches of the system.
    print(*(round(statistics.median(column), 1) for column in zip(*rows[1:])))


main(sys.argv[1], int(sys.argv[2]))
