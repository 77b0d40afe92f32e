#ifndef LOOPDYNO_GUEST_DRIVE_H_
#define LOOPDYNO_GUEST_DRIVE_H_

#include <uv.h>

#include <cstdint>

#include "drive.h"
#include "private_loop.h"

namespace loopdyno {

// Runs a private loop as a guest of Node's loop, so that both make progress and every Node API
// stays usable.
//
//   Node's loop  ── poll_    (our backend fd is readable) ──┐
//                ── timer_   (our next deadline has come) ──┼─▶ Wake: uv_run(private, NOWAIT)
//                ── prepare_ (JS started something)       ──┘        │
//                                                     Deliver: one call into JS ◀─┘
//
// * What JS starts within Deliver, Wake handles itself: as long as uv_backend_timeout is 0 (epoll
//   does not know a socket yet, or a callback is due), the private loop runs again.
// * What JS starts at another time (from setImmediate, from a Node callback) is announced by Touch.
//   It only arms a uv_prepare_t, a list operation. That runs right before Node's loop next polls,
//   hence once for everything that JS has started in between.
// * A second run in the same wake saves two polls and a lap of Node's loop if it finds something,
//   and costs a poll if not. It pays while many small messages come in; with big ones it would find
//   half a message. So it is tried, and if it finds nothing it is skipped for some wakes.
// * Only poll_ is referenced, and only while the private loop is alive. So an idle loop lets the
//   process end, and work in flight keeps it alive.
class GuestDrive final : public Drive {
 public:
  // Returns 0, or libuv's error if one loop cannot poll another: Windows has no fd for it.
  static int Probe();

  GuestDrive(PrivateLoop* guest, Client* client) : guest_(guest), client_(client) {}

  int Open(uv_loop_t* host) override;
  void Touch() override;
  void Wake() override;
  void Close() override;

 private:
  bool RunsAgain(bool found, uint64_t bytes, int runs);
  void Settle();
  void CloseHostHandles();

  PrivateLoop* const guest_;
  Client* const client_;
  uv_poll_t poll_;
  uv_timer_t timer_;
  uv_prepare_t prepare_;
  uint64_t timer_due_ = 0;  // 0: not set
  int host_handles_ = 0;
  int wakes_until_retry_ = 0;
  bool awake_ = false;
  bool touched_ = false;
  bool closing_ = false;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_GUEST_DRIVE_H_
