"""DicomEdit, the anonymisation language of XNAT: parse, run, lint, coverage. Knows nothing of XNAT."""
