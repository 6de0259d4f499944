"""What the site is made of besides text: reference pages and tables, from the checks' own data."""
