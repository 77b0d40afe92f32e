#include "blocking_drive.h"

namespace loopdyno {

namespace {

template <typename T>
uv_handle_t* AsHandle(T* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

}  // namespace

int BlockingDrive::Open(uv_loop_t* host) {
  uv_idle_init(host, &idle_);
  uv_timer_init(&loop_->uv, &turn_);
  uv_unref(AsHandle(&turn_));
  idle_.data = turn_.data = this;
  return 0;
}

void BlockingDrive::Touch() {
  if (inside_ || !Wanted()) return;
  uv_idle_start(&idle_, [](uv_idle_t* idle) { static_cast<BlockingDrive*>(idle->data)->Wake(); });
}

void BlockingDrive::SetRunning(bool running) {
  running_ = running;
  Touch();
}

void BlockingDrive::CallSoon() {
  call_soon_ = true;
  Touch();
}

void BlockingDrive::Close() {
  closing_ = true;
  Touch();
}

void BlockingDrive::Wake() {
  if (inside_) return;  // Node's loop runs within one of our callbacks
  inside_ = true;
  if (Wanted() && HasWork()) Stay();
  inside_ = false;
  if (Wanted() && HasWork()) return;  // idle_ enters again after a lap of Node's loop
  uv_idle_stop(&idle_);
  if (closing_) CloseHandles();
}

// Two things end it: the timer turn_ where uv_run waits, and a check of the time where it does not,
// since uv_run runs no timers while nothing is alive.
void BlockingDrive::Stay() {
  const uint64_t ends = uv_hrtime() + interval_ms_ * 1000000;
  turn_over_ = false;
  uv_update_time(&loop_->uv);
  uv_timer_start(
      &turn_, [](uv_timer_t* turn) { static_cast<BlockingDrive*>(turn->data)->turn_over_ = true; },
      interval_ms_, 0);
  do {
    const bool called = call_soon_;
    call_soon_ = false;
    uv_run(&loop_->uv, called ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    if (called || !loop_->completions.empty()) client_->Deliver();
  } while (!turn_over_ && uv_hrtime() < ends && Wanted() && HasWork());
  uv_timer_stop(&turn_);
}

void BlockingDrive::CloseHandles() {
  closing_ = false;
  uv_close(AsHandle(&turn_), nullptr);
  uv_run(&loop_->uv, UV_RUN_NOWAIT);
  loop_->Release();
  uv_close(AsHandle(&idle_), [](uv_handle_t* idle) {
    static_cast<BlockingDrive*>(idle->data)->client_->DriveClosed();
  });
}

}  // namespace loopdyno
