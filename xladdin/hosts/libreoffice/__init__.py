"""LibreOffice Calc: the extension that puts the functions into it, what runs inside, and the installation."""
