"""FunnelDesk: an offline sales-funnel manager over one local file."""

__version__ = "0.1.0"
