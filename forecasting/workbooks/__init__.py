"""XLSX workbooks as text, looked into before they are unpacked."""
