"""Charts of reports by the name under which the catalogue lists them."""
