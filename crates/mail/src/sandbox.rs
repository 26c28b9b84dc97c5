//! What a rendering process may ask of the kernel: memory, threads, and its two pipes.

/// Gives up what rendering does not need, for good: no file, socket or program can be opened any more, and no
/// privilege gained. An attempt ends the process (SIGSYS); whatever else rendering does not need is denied.
///
/// # Errors
///
/// Why the kernel or this build has no such filter, as a sentence; nothing is given up then.
pub fn confine() -> Result<(), String> {
    filter::apply()
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod filter {
    use std::collections::BTreeMap;

    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch,
    };

    /// System calls, each with the conditions of which one has to hold; none for any call.
    type Calls = BTreeMap<i64, Vec<SeccompRule>>;

    /// What nobody but an attacker asks for here.
    const DEADLY: &[i64] = &[
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_bpf,
        libc::SYS_io_uring_setup,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_creat,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_fork,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_vfork,
    ];

    /// What rendering needs, whatever the arguments are.
    const ALLOWED: &[i64] = &[
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_getrandom,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_set_robust_list,
        libc::SYS_rseq,
        // The filter before answers it as an old kernel would, because its arguments cannot be looked at.
        libc::SYS_clone3,
    ];

    pub fn apply() -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("there is no seccomp filter: {error}");
        let any = |calls: &[i64]| calls.iter().map(|it| (*it, Vec::new())).collect::<Calls>();
        let no_such_call = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
        let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let mut allowed = any(ALLOWED);
        allowed.extend(with_conditions().map_err(|error| failed(&error))?);
        // Of several filters, the strictest answer counts. The last one lets no further filter pass.
        let filters = [
            (any(&[libc::SYS_clone3]), SeccompAction::Allow, no_such_call),
            (any(DEADLY), SeccompAction::Allow, SeccompAction::KillProcess),
            (allowed, denied, SeccompAction::Allow),
        ];
        let architecture = TargetArch::try_from(std::env::consts::ARCH);
        let architecture = architecture.map_err(|error| failed(&error))?;
        for (calls, otherwise, matching) in filters {
            let filter = SeccompFilter::new(calls, otherwise, matching, architecture);
            let filter = filter.map_err(|error| failed(&error))?;
            let program = BpfProgram::try_from(filter).map_err(|error| failed(&error))?;
            // It sets `no_new_privs`, too.
            seccompiler::apply_filter(&program).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// What rendering needs with certain arguments alone.
    fn with_conditions() -> Result<Calls, seccompiler::BackendError> {
        let when = |argument, operator, value: u64| {
            let length = SeccompCmpArgLen::Qword;
            let condition = SeccompCondition::new(argument, length, operator, value)?;
            Ok(vec![SeccompRule::new(vec![condition])?])
        };
        let bits = |flags: i32| u64::from(flags.unsigned_abs());
        let executable = bits(libc::PROT_EXEC);
        let thread = bits(libc::CLONE_THREAD);
        let process = u64::from(std::process::id());
        Ok(Calls::from([
            // No new code.
            (libc::SYS_mmap, when(2, SeccompCmpOp::MaskedEq(executable), 0)?),
            (libc::SYS_mprotect, when(2, SeccompCmpOp::MaskedEq(executable), 0)?),
            // Threads, but no processes.
            (libc::SYS_clone, when(0, SeccompCmpOp::MaskedEq(thread), thread)?),
            // The names of threads.
            (libc::SYS_prctl, when(0, SeccompCmpOp::Eq, bits(libc::PR_SET_NAME))?),
            // Its own end.
            (libc::SYS_tgkill, when(0, SeccompCmpOp::Eq, process)?),
        ]))
    }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod filter {
    pub fn apply() -> Result<(), String> {
        Err("there is no seccomp filter for this system".to_owned())
    }
}
