"""Score packs: a judge's cases as a workbook to be filled in without a line, and read back."""
