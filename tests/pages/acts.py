"""What a reader does on a page, and what is said there."""


def checked(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def press(app, key):
    return checked(app.button(key=key).click().run())


def keys(app):
    return {button.key for button in app.button}


def said(app):
    """Without what markdown needs to leave it as it is."""
    texts = [each.value for kind in (app.markdown, app.info, app.caption, app.warning, app.error) for each in kind]
    return "\n".join([*texts, *(each.proto.text for each in app.get("progress"))]).replace("\\", "")
