#ifndef PEER_START_TIME_H_
#define PEER_START_TIME_H_

#include "base.h"

// When this process began, on uv_hrtime's clock. Must be called first.
uint64_t start_time(void);

#endif
