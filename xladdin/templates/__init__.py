"""The template workbooks: pages of text under templates/, read, checked and built into workbooks."""
