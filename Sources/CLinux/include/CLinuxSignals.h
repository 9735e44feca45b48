#pragma once

/// A descriptor that becomes readable when SIGINT, SIGTERM, SIGQUIT or SIGHUP waits for the calling
/// thread, which must block them; -1 with errno. Reading it is `cl_signal_take`'s business.
int cl_signal_descriptor(void);

/// Takes one signal and answers its number; 0 when none waits.
int cl_signal_take(int descriptor);
