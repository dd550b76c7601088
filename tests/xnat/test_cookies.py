from __future__ import annotations

from bootstrap.xnat.cookies import Cookies


def test_cookies_are_sent_together() -> None:
    cookies = Cookies()
    cookies.take({"JSESSIONID": "A", "ROUTE": "1"}, 0)
    cookies.take({"JSESSIONID": "B", "ROUTE": "", "SESSION_EXPIRATION_TIME": "1,2"}, 0)
    assert cookies.header() == ("JSESSIONID=B", 0)


def test_an_answer_of_an_older_session_does_not_bring_it_back() -> None:
    cookies = Cookies()
    cookies.take({"JSESSIONID": "A"}, 0)
    cookies.forget()
    cookies.take({"JSESSIONID": "A"}, 0)
    assert cookies.header() == ("", 1)


def test_only_the_session_that_was_seen_is_forgotten() -> None:
    cookies = Cookies()
    cookies.forget()
    cookies.take({"JSESSIONID": "B"}, 1)
    cookies.forget(era=0)
    assert cookies.header() == ("JSESSIONID=B", 1)
