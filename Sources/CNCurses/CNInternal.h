#pragma once

/// Whether a terminal type is known and can place its cursor. newterm accepts one that cannot.
int cn_inspect(const char *type);
/// Keeps the terminal's modes, before the screen is opened.
void cn_prepare_restoration(void);
/// Sets these modes, whatever another program left.
void cn_restore_modes(void);
/// Makes ready what a dying process writes, once the screen is open, and catches fatal signals.
void cn_complete_restoration(void);
/// Only while the screen is up does a fatal signal touch the terminal.
void cn_arm_restoration(int on);

/// The terminal as it was, at once and without waiting for it. Safe in a signal handler.
void cn_restore_now(void);
