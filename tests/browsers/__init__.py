"""`make test-browsers`: the grading tests in Chromium, Firefox and WebKit."""
