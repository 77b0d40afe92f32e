#include "file_job.h"

#include <utility>

#include "private_loop.h"

namespace loopdyno {

FileJob::FileJob(PrivateLoop* loop, int32_t id, std::string path)
    : loop_(loop), id_(id), path_(std::move(path)) {}

int FileJob::Start() {
  work_.data = this;
  const int error = uv_queue_work(
      &loop_->uv, &work_,
      [](uv_work_t* work) { static_cast<FileJob*>(work->data)->OpenAndWork(); },
      [](uv_work_t* work, int status) {
        auto* self = static_cast<FileJob*>(work->data);
        if (status != 0) self->Fail(kOpen, status);
        self->Done();
      });
  if (error == 0) loop_->RegisterFile(id_, this);
  return error;
}

void FileJob::OpenAndWork() {
  uv_fs_t request;
  const int file = uv_fs_open(nullptr, &request, path_.c_str(), flags(), 0666, nullptr);
  uv_fs_req_cleanup(&request);
  if (file < 0) {
    Fail(kOpen, file);
    return;
  }
  const int worked = Work(file);
  const int closed = uv_fs_close(nullptr, &request, file, nullptr);
  uv_fs_req_cleanup(&request);
  if (worked == 0 && closed != 0) Fail(kClose, closed);
}

int FileJob::Fail(Step step, int error) {
  step_ = step;
  error_ = error;
  return error;
}

}  // namespace loopdyno
