// Before anything is drawn, so that nobody is blinded: that is why it is a script of its own.
import { applyTheme, storedTheme } from './theme.ts';

applyTheme(storedTheme.read());
