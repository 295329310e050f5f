"""Pause, look at the next update in slow motion, do it, and find the numbers that were on the drawing."""

from playwright.sync_api import expect

from playground.core.words import number
from tests.browser.screen import LONG
from tests.browser.server import until


def numbers(screen):
    """The numbers of the moment that is shown, by name."""
    pairs = screen.page.locator(".pg-player-number").all_inner_texts()
    return dict(pair.strip().rpartition(" ")[::2] for pair in pairs if not pair.endswith(":"))


def phase(screen, name):
    """To the first moment of a phase."""
    button = screen.page.get_by_role("button", name=name, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-current", "step")


def test_what_slow_motion_shows_is_what_the_next_update_measures(screen, server):
    screen.open(**LONG)
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(5)

    screen.press("slow")

    screen.expect_status("paused")
    sentence = screen.page.locator(".pg-player-sentence")
    # A worker computes the numbers, and on a crowded machine it comes to that late.
    expect(sentence).to_have_text("Step 1: the state takes in x₁; there is nothing to remember yet.", timeout=60_000)
    done = folder.newest("loss")[0]
    expect(screen.page.locator(".pg-player-count")).to_contain_text(f"update {done + 1:,} ")
    phase(screen, "Loss")
    loss = numbers(screen)["loss"]
    phase(screen, "Backward")
    signal = numbers(screen)["‖∂L/∂h₁₀‖"]
    expect(sentence).to_have_text("Step 10: the answer says how much the loss would change if h₁₀ moved.")
    screen.page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text("Step 9: the signal from step 10 goes back through U")
    phase(screen, "Clip")
    clipped = screen.page.locator(".pg-player-number").all_inner_texts()[1:]
    phase(screen, "Update")
    expect(sentence).to_contain_text("Adam moves every weight against its gradient")

    screen.press("step")

    until(lambda: folder.newest("loss")[0] == done + 1)
    values = folder.rows(done)[0].values
    tensors = folder.config().network.tensors()
    assert loss == number(values["loss"])
    assert signal == number(values["total_gradient"][0, -1])
    norms = zip(tensors, values["gradient_norm_before"], values["gradient_norm_after"], strict=True)
    assert clipped == [f"{name} {number(before)} → {number(after)}" for name, before, after in norms]
    # And on to the one after it.
    expect(screen.page.locator(".pg-player-count")).to_contain_text(f"update {done + 2:,} ")
