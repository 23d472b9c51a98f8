"""Keeping background work going: a job whose worker was killed stays "doing"; here it is given back."""

import asyncio
import contextlib

from procrastinate import App

STALLED_AFTER = 12.0
"""Seconds without a sign of life; a worker gives one every ``HEARTBEAT`` seconds."""
HEARTBEAT = 5.0
LOCKED = 0.5
"""Seconds until it is seen that a job may begin which waited for another one: nothing announces that."""


async def retry_stalled(worker_app: App) -> int:
    """Give the jobs of killed workers back; returns how many."""
    jobs = list(await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in jobs:
        await worker_app.job_manager.retry_job(job)
    return len(jobs)


async def keep_retrying(worker_app: App, every: float = STALLED_AFTER) -> None:
    while True:
        await retry_stalled(worker_app)
        await asyncio.sleep(every)


async def work(worker_app: App, *, wait: bool = True) -> None:
    """Do the jobs of all queues until stopped (or, without ``wait``, until none is left)."""
    async with worker_app.open_async():
        keeper = asyncio.create_task(keep_retrying(worker_app))
        try:
            await worker_app.run_worker_async(
                concurrency=2, wait=wait, listen_notify=wait, fetch_job_polling_interval=LOCKED,
                update_heartbeat_interval=HEARTBEAT, stalled_worker_timeout=STALLED_AFTER, shutdown_graceful_timeout=8,
            )  # fmt: skip
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
