"""Pure rules: values in, decision out. No session, no clock, no I/O."""
