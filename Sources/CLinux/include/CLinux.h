#pragma once

#include "CLinuxWidth.h"
