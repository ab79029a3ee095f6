"""The part that runs inside trytond; GPL-3.0-or-later, see README.md. The hub never imports it."""
