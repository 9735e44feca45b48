#pragma once

// What Swift's view of the C library lacks or shows awkwardly, as a few plain functions. One small
// header for each subject; no system header leaks out of them.

#include "CLinuxLocks.h"
#include "CLinuxProcess.h"
#include "CLinuxReadiness.h"
#include "CLinuxShared.h"
#include "CLinuxSignals.h"
#include "CLinuxSockets.h"
#include "CLinuxText.h"
#include "CLinuxThreads.h"
#include "CLinuxWidth.h"
