"""What a run has to say, as one value, and its four forms: text, JSON, Markdown, JUnit."""
