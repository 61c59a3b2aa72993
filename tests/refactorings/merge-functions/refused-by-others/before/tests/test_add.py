from functions.add_cart import app


def test_add():
    assert app.handler({"body": "{}"}, None)["statusCode"] == 400
