"""What an applicant does: the form, its files, the record behind it, and handing it in."""
