"""Letters: written with the change, worded in two languages, carried later."""
