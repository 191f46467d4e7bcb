#pragma once
// libopendkim's header, which is C and says _Bool.

#define _Bool bool  // NOLINT(bugprone-reserved-identifier)
#include <opendkim/dkim.h>
#undef _Bool
