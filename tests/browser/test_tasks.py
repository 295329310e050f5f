"""Another task, another architecture, a text and numbers of one's own; and what the network says, as it learns."""

import re

from playwright.sync_api import expect


def examples(screen):
    return screen.page.locator(".st-key-examples-open")


def open_examples(screen):
    examples(screen).get_by_text("Examples:").click()
    expect(screen.page.locator(".ex-example")).to_have_count(3)


def sidebar(screen, text):
    return screen.page.get_by_test_id("stSidebar").get_by_text(text)


def said_at(screen):
    """The update after which the answers on the page were given."""
    caption = examples(screen).get_by_text(re.compile(r"answers after update [\d,]+"))
    return int(re.search(r"update ([\d,]+)", caption.text_content()).group(1).replace(",", ""))


def test_an_lstm_learns_to_write_backwards_and_its_answers_follow(screen):
    screen.open(updates=3000, pace=0, hidden=16)
    screen.choose("task.kind", "reversal")
    screen.choose("cell.kind", "LSTM")
    screen.expect_link(**{"task.kind": "reversal", "architecture.kind": "encoder_decoder", "cell.kind": "lstm"})
    expect(screen.page.get_by_role("img", name=re.compile("^encoder–decoder, one way, 1 layer")).first).to_be_visible()
    expect(sidebar(screen, "gates decide what passes")).to_be_visible()
    open_examples(screen)
    expect(screen.page.locator(".ex-example").first).not_to_contain_text("network")

    screen.train()

    expect(screen.page.locator(".ex-example").first).to_contain_text("network")
    first = said_at(screen)
    screen.page.wait_for_function(
        """([text, first]) => Number(/after update ([\\d,]+)/.exec(document.querySelector(text).textContent)?.[1]
            .replace(",", "") ?? 0) > first""",
        arg=[".st-key-examples-open", first],
    )
    assert screen.page.locator(".ex-words tr").filter(has_text="network").count() == 3
    screen.press("stop")
    screen.expect_status("stopped")


def test_online_refuses_a_second_pass_and_takes_back_one_that_was_chosen(screen):
    screen.open()
    screen.choose("direction", "two passes")
    screen.expect_link(direction="two_passes")

    screen.page.get_by_role("radio", name="online").click()

    screen.expect_link(arrival="online", direction=None)
    expect(sidebar(screen, "direction of reading went back to one way: Online, the answer")).to_be_visible()
    expect(sidebar(screen, "Not offered: two passes, [x_t ; x_{T−t+1}]. Online, the answer")).to_be_visible()
    screen.field("direction").focus()
    screen.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    screen.field("direction").press("ArrowDown")
    expect(screen.page.get_by_role("option")).to_have_text(["one way"])
    expect(screen.bar("train")).to_be_enabled()


def test_a_pasted_text_is_learned_and_comes_back_with_its_run(screen):
    screen.open(**{"task.kind": "next_word", "updates": 60, "hidden": 16, "pace": 0})
    sidebar(screen, "Your own text").click()
    area = screen.page.locator(".st-key-form-task-text textarea")
    area.fill("<b>Zebra</b> runs, zebra sleeps, and zebra eats grass all day long. " * 9)
    area.press("Control+Enter")
    expect(sidebar(screen, "Your text is not in the link")).to_be_visible()
    assert "task.text" not in screen.link

    screen.train()
    screen.expect_status("finished")
    open_examples(screen)

    expect(screen.page.locator(".ex-example").first).to_contain_text("zebra")
    screen.page.reload()
    screen.ready()
    expect(area).to_have_value(re.compile("Zebra"))


def test_a_wrong_line_of_a_file_is_named_and_a_good_file_is_taken(screen):
    screen.open(**{"task.kind": "series"})
    sidebar(screen, "Your own numbers").click()
    file = screen.page.get_by_test_id("stSidebar").locator('input[type="file"]')

    file.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": b"price,day\n1,2\n<i>x</i>,3\n"})

    expect(sidebar(screen, "Line 3, price: '<i>x</i>' is not a finite number.")).to_be_visible()
    expect(screen.field("task.source")).to_have_value("sine")
    lines = "\n".join(f"{day},{day * 7 % 12}" for day in range(80))
    file.set_input_files({"name": "good.csv", "mimeType": "text/csv", "buffer": f"day,price\n{lines}\n".encode()})
    expect(sidebar(screen, "80 numbers of yours")).to_be_visible()
    expect(screen.field("task.source")).to_have_value("yours")
    expect(screen.bar("train")).to_be_enabled()
