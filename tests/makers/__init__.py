"""Living cases of the workflows' kinds for the generic tests; each module has `MAKERS` (see tests.cases_kit)."""
