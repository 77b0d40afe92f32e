#ifndef LOOPDYNO_BLOCKING_DRIVE_H_
#define LOOPDYNO_BLOCKING_DRIVE_H_

#include <uv.h>

#include <cstdint>

#include "drive.h"
#include "private_loop.h"

namespace loopdyno {

// Stays in the private loop and waits there, like a program that has no other loop, and returns the
// turn to Node's loop at a set interval.
//
//   Node's loop     … idle_ ┐                                          ┌ poll, timers … idle_ …
//   private loop            └ run ONCE, Deliver, run ONCE, Deliver, … ─┘
//                             └──────── interval, by turn_ ───────────┘
//
// * idle_ enters: a handle of Node's loop with no JS below it, so that every Deliver is a callback
//   scope of its own, which drains ticks and promise reactions. If JS entered, they would never
//   drain.
// * It is entered while JS runs the loop and the loop has something to wait for. A loop that only
//   waits for a promise of Node's leaves the turn, and the waiting, to Node.
// * JS that has more to run calls CallSoon: the private loop then only checks for IO and goes on.
//
// It needs no backend fd. The cost: while it waits, everything that belongs to Node waits, too, for
// up to the interval. Nothing is served between two runs.
class BlockingDrive final : public Drive {
 public:
  BlockingDrive(PrivateLoop* loop, Client* client, uint64_t interval_ms)
      : loop_(loop), client_(client), interval_ms_(interval_ms) {}

  int Open(uv_loop_t* host) override;
  void Touch() override;
  void Wake() override;
  void Close() override;
  void SetRunning(bool running) override;
  void CallSoon() override;

 private:
  bool Wanted() const { return running_ || closing_; }
  bool HasWork() const { return call_soon_ || uv_loop_alive(&loop_->uv); }
  void Stay();
  void CloseHandles();

  PrivateLoop* const loop_;
  Client* const client_;
  const uint64_t interval_ms_;
  uv_idle_t idle_;   // of Node's loop
  uv_timer_t turn_;  // of the private one, and unreferenced
  bool inside_ = false;
  bool running_ = false;
  bool call_soon_ = false;
  bool turn_over_ = false;
  bool closing_ = false;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_BLOCKING_DRIVE_H_
