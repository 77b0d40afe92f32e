#include "private_loop.h"

#include "file_job.h"
#include "handle.h"

namespace loopdyno {

int PrivateLoop::Open() {
  const int error = uv_loop_init(&uv);
  if (error != 0) return error;
  uv.data = this;
  return uv_timer_init(&uv, &alarm_);
}

void PrivateLoop::CloseAll() {
  for (Handle* handle : handles_) {
    if (handle != nullptr) handle->Close();
  }
  for (auto& [id, job] : files_) job->Cancel();
  if (!uv_is_closing(reinterpret_cast<uv_handle_t*>(&alarm_))) {
    uv_close(reinterpret_cast<uv_handle_t*>(&alarm_), nullptr);
  }
}

void PrivateLoop::Release() {
  // Files that JS has not fetched.
  for (auto& [id, job] : files_) delete job;
  files_.clear();
  if (uv_loop_close(&uv) != 0) {
    napi_fatal_error("loopdyno::PrivateLoop::Release", NAPI_AUTO_LENGTH,
                     "the loop still has handles", NAPI_AUTO_LENGTH);
  }
}

void PrivateLoop::SetAlarm(int64_t ms) {
  if (ms < 0) {
    uv_timer_stop(&alarm_);
    return;
  }
  uv_update_time(&uv);  // the loop's clock stands still while JS runs
  uv_timer_start(
      &alarm_,
      [](uv_timer_t* timer) {
        static_cast<PrivateLoop*>(timer->loop->data)->completions.Add(Op::kAlarm);
      },
      static_cast<uint64_t>(ms), 0);
}

int32_t PrivateLoop::Register(Handle* handle) {
  if (free_ids_.empty()) {
    handles_.push_back(handle);
    return static_cast<int32_t>(handles_.size()) - 1;
  }
  const int32_t id = free_ids_.back();
  free_ids_.pop_back();
  handles_[static_cast<size_t>(id)] = handle;
  return id;
}

void PrivateLoop::Forget(int32_t id) {
  handles_[static_cast<size_t>(id)] = nullptr;
  free_ids_.push_back(id);
}

Handle* PrivateLoop::Find(int32_t id) const {
  const auto index = static_cast<size_t>(id);
  return id >= 0 && index < handles_.size() ? handles_[index] : nullptr;
}

FileJob* PrivateLoop::FindFile(int32_t id) const {
  const auto found = files_.find(id);
  return found == files_.end() ? nullptr : found->second;
}

}  // namespace loopdyno
