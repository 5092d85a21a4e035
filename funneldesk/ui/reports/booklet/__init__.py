"""The booklet of managers on paper: summary, a page per manager, how it was counted."""
