#include "file_read.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "private_loop.h"

namespace loopdyno {

FileRead::~FileRead() { std::free(data_); }

int FileRead::Work(uv_file file) {
  uv_fs_t request;
  int error = uv_fs_fstat(nullptr, &request, file, nullptr);
  const uint64_t mode = request.statbuf.st_mode;
  const uint64_t size = request.statbuf.st_size;
  uv_fs_req_cleanup(&request);
  if (error != 0) return Fail(kStat, error);

  const bool known = (mode & S_IFMT) == S_IFREG && size > 0;
  if (known && size > kLargest) {
    too_large_ = size;
    return Fail(kStat, UV_EFBIG);
  }
  if (!Grow(known ? static_cast<size_t>(size) : kSmall)) return Fail(kRead, UV_ENOMEM);
  for (;;) {
    if (length_ == capacity_) {
      if (known) return 0;
      if (capacity_ > kLargest / 2) {
        too_large_ = length_;
        return Fail(kRead, UV_EFBIG);
      }
      if (!Grow(capacity_ * 2)) return Fail(kRead, UV_ENOMEM);
    }
    const auto room = static_cast<unsigned int>(capacity_ - length_);
    const uv_buf_t rest = uv_buf_init(data_ + length_, room);
    const int got = uv_fs_read(nullptr, &request, file, &rest, 1, -1, nullptr);
    uv_fs_req_cleanup(&request);
    if (got < 0) return Fail(kRead, got);
    if (got == 0) return 0;  // the end, maybe before the size: the file was cut meanwhile
    length_ += static_cast<size_t>(got);
  }
}

bool FileRead::Grow(size_t capacity) {
  auto* grown = static_cast<char*>(std::realloc(data_, capacity));
  if (grown == nullptr) return false;
  data_ = grown;
  capacity_ = capacity;
  return true;
}

void FileRead::Done() {
  Completions& completions = loop_->completions;
  if (error_ == 0 && length_ <= kSmall) {
    const Slab::Space space = loop_->slab.Reserve(std::max<size_t>(length_, 1));
    if (space.base != nullptr) {
      if (length_ > 0) std::memcpy(space.base, data_, length_);
      const int32_t offset = loop_->slab.Commit(length_);
      completions.Add(Op::kFileBytes, id_, offset, static_cast<int32_t>(length_));
      loop_->ForgetFile(id_);
      delete this;
      return;
    }
  }
  completions.Add(Op::kFileDone, id_, error_, step_);
  if (error_ == 0 || too_large_ != 0) return;  // JS comes for it, by Take
  loop_->ForgetFile(id_);
  delete this;
}

Napi::Value FileRead::Take(Napi::Env env) {
  if (too_large_ != 0) return Napi::Number::New(env, static_cast<double>(too_large_));
  char* data = data_;
  data_ = nullptr;
  return Napi::Buffer<char>::NewOrCopy(env, data, length_,
                                       [](Napi::Env, char* memory) { std::free(memory); });
}

}  // namespace loopdyno
