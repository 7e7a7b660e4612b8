"""The documents of a group: sent to `N-docs@`, kept after a yes, asked about again later."""
