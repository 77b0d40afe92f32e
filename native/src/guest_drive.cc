#include "guest_drive.h"

namespace loopdyno {

namespace {

// Runs of the private loop in one wake, before Node's own IO gets its turn again.
constexpr int kRunsPerWake = 8;

// A run that brought more bytes than this is not repeated.
constexpr uint64_t kManyBytes = 64 * 1024;

// After a second run that found nothing, this many wakes go without one.
constexpr int kRetryAfter = 16;

template <typename T>
uv_handle_t* AsHandle(T* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

}  // namespace

int GuestDrive::Probe() {
  uv_loop_t host;
  uv_loop_t guest;
  int error = uv_loop_init(&host);
  if (error != 0) return error;
  error = uv_loop_init(&guest);
  if (error == 0) {
    const int fd = uv_backend_fd(&guest);
    uv_poll_t poll;
    error = fd < 0 ? UV_ENOTSUP : uv_poll_init(&host, &poll, fd);
    if (error == 0) {
      uv_close(AsHandle(&poll), nullptr);
      uv_run(&host, UV_RUN_DEFAULT);
    }
    uv_loop_close(&guest);
  }
  uv_loop_close(&host);
  return error;
}

int GuestDrive::Open(uv_loop_t* host) {
  const int fd = uv_backend_fd(&guest_->uv);
  if (fd < 0) return UV_ENOTSUP;
  const int error = uv_poll_init(host, &poll_, fd);
  if (error != 0) return error;
  uv_timer_init(host, &timer_);
  uv_prepare_init(host, &prepare_);
  poll_.data = timer_.data = prepare_.data = this;
  uv_unref(AsHandle(&timer_));
  uv_unref(AsHandle(&prepare_));
  uv_poll_start(&poll_, UV_READABLE,
                [](uv_poll_t* poll, int, int) { static_cast<GuestDrive*>(poll->data)->Wake(); });
  Wake();  // registers libuv's own watchers, such as that of the thread pool
  return 0;
}

void GuestDrive::Touch() {
  if (awake_ || touched_) return;
  touched_ = true;
  uv_ref(AsHandle(&poll_));
  uv_prepare_start(&prepare_, [](uv_prepare_t* prepare) {
    static_cast<GuestDrive*>(prepare->data)->Wake();
  });
}

void GuestDrive::Wake() {
  if (awake_) return;
  uv_loop_t* loop = &guest_->uv;
  awake_ = true;
  if (touched_) uv_prepare_stop(&prepare_);
  touched_ = false;
  for (int runs = 1;; runs++) {
    const uint64_t bytes_before = guest_->bytes_read;
    uv_run(loop, UV_RUN_NOWAIT);
    const bool found = !guest_->completions.empty();
    const uint64_t bytes = guest_->bytes_read - bytes_before;
    if (found) client_->Deliver();
    if (!uv_loop_alive(loop) || runs == kRunsPerWake) break;
    if (uv_backend_timeout(loop) != 0 && !RunsAgain(found, bytes, runs)) break;
  }
  awake_ = false;
  Settle();
}

bool GuestDrive::RunsAgain(bool found, uint64_t bytes, int runs) {
  if (wakes_until_retry_ > 0) {
    wakes_until_retry_--;
    return false;
  }
  if (!found && runs > 1) wakes_until_retry_ = kRetryAfter;
  return found && bytes < kManyBytes;
}

void GuestDrive::Close() {
  closing_ = true;
  Touch();
}

// Tells Node's loop whether and when to wake us again.
void GuestDrive::Settle() {
  uv_loop_t* loop = &guest_->uv;
  if (!uv_loop_alive(loop)) {
    uv_unref(AsHandle(&poll_));
    uv_timer_stop(&timer_);
    timer_due_ = 0;
    if (closing_) CloseHostHandles();
    return;
  }
  uv_ref(AsHandle(&poll_));
  const int timeout = uv_backend_timeout(loop);
  // timeout is 0 after all runs: there is still work, but Node's IO comes first. The timer then
  // keeps Node's loop from blocking. prepare_ would not if it is what called us.
  if (timeout < 0) {
    if (timer_due_ != 0) uv_timer_stop(&timer_);
    timer_due_ = 0;
    return;
  }
  const uint64_t due = uv_now(loop) + static_cast<uint64_t>(timeout);
  if (due == timer_due_) return;
  timer_due_ = due;
  // Both loops count whole milliseconds of the same clock, each as of its last look at it.
  const uint64_t host_now = uv_now(timer_.loop);
  uv_timer_start(
      &timer_,
      [](uv_timer_t* timer) {
        auto* self = static_cast<GuestDrive*>(timer->data);
        self->timer_due_ = 0;
        self->Wake();
      },
      due > host_now ? due - host_now : 0, 0);
}

void GuestDrive::CloseHostHandles() {
  closing_ = false;
  uv_poll_stop(&poll_);  // before its fd is closed
  guest_->Release();
  host_handles_ = 3;
  const uv_close_cb closed = [](uv_handle_t* handle) {
    auto* self = static_cast<GuestDrive*>(handle->data);
    if (--self->host_handles_ == 0) self->client_->DriveClosed();
  };
  uv_close(AsHandle(&poll_), closed);
  uv_close(AsHandle(&timer_), closed);
  uv_close(AsHandle(&prepare_), closed);
}

}  // namespace loopdyno
