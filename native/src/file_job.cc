#include "file_job.h"

#include <utility>

#include "private_loop.h"

namespace loopdyno {

FileJob::FileJob(PrivateLoop* loop, int32_t id, std::string path)
    : loop_(loop), id_(id), path_(std::move(path)) {}

int FileJob::Start() {
  const int error = Queue();
  if (error == 0) loop_->RegisterFile(id_, this);
  return error;
}

void FileJob::Cancel() {
  cancelled_ = true;
  uv_cancel(reinterpret_cast<uv_req_t*>(&work_));
}

int FileJob::Queue() {
  work_.data = this;
  return uv_queue_work(
      &loop_->uv, &work_, [](uv_work_t* work) { static_cast<FileJob*>(work->data)->Visit(); },
      [](uv_work_t* work, int status) { static_cast<FileJob*>(work->data)->AfterVisit(status); });
}

void FileJob::Visit() {
  if (file_ < 0) {
    uv_fs_t request;
    file_ = uv_fs_open(nullptr, &request, path_.c_str(), flags(), 0666, nullptr);
    uv_fs_req_cleanup(&request);
    if (file_ < 0) {
      Fail(kOpen, file_);
      return;
    }
  }
  if (Work(file_) == kDone) CloseFile();
}

void FileJob::AfterVisit(int status) {
  if (status != 0) Fail(kOpen, status);
  if (file_ >= 0) {
    if (cancelled_) Fail(kRead, UV_ECANCELED);
    if (error_ == 0) Prepare();
    if (error_ == 0) {
      const int error = Queue();
      if (error == 0) return;
      Fail(kRead, error);
    }
    CloseFile();
  }
  Done();
}

void FileJob::CloseFile() {
  uv_fs_t request;
  const int error = uv_fs_close(nullptr, &request, file_, nullptr);
  uv_fs_req_cleanup(&request);
  file_ = -1;
  if (error != 0 && error_ == 0) Fail(kClose, error);
}

FileJob::Outcome FileJob::Fail(Step step, int error) {
  step_ = step;
  error_ = error;
  return kDone;
}

}  // namespace loopdyno
