//! Work that costs as much for many as for one: whoever's turn it is does it for all who wait.
//!
//! Nobody waits for company: who comes when nobody works begins at once, and those who come meanwhile are the next ones.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Semaphore, oneshot};

/// Jobs of one kind and their answers.
pub struct Together<J, A> {
    waiting: Mutex<VecDeque<(J, oneshot::Sender<A>)>>,
    turns: Semaphore,
    most: usize,
}

impl<J, A> Together<J, A> {
    /// With so many who work at the same time, each for at most so many.
    pub fn new(turns: usize, most: usize) -> Self {
        Self { waiting: Mutex::default(), turns: Semaphore::new(turns), most }
    }

    /// Has a job done, by this task or by another one. `all` does several and answers each in its place. Nothing when it
    /// broke off before it answered.
    pub async fn run<F: Future<Output = Vec<A>>>(&self, job: J, mut all: impl FnMut(Vec<J>) -> F) -> Option<A> {
        let (tell, mut told) = oneshot::channel();
        self.queue().push_back((job, tell));
        loop {
            tokio::select! {
                biased;
                answer = &mut told => return answer.ok(),
                turn = self.turns.acquire() => {
                    let _turn = turn.ok()?;
                    let (jobs, tells) = self.next();
                    if !jobs.is_empty() {
                        let answers = all(jobs).await;
                        // Whoever is gone needs no answer.
                        tells.into_iter().zip(answers).for_each(|(tell, answer)| drop(tell.send(answer)));
                    }
                }
            }
        }
    }

    fn next(&self) -> (Vec<J>, Vec<oneshot::Sender<A>>) {
        let mut waiting = self.queue();
        let some = waiting.len().min(self.most);
        waiting.drain(..some).unzip()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<(J, oneshot::Sender<A>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use super::Together;

    #[tokio::test(flavor = "multi_thread")]
    async fn everybody_gets_the_own_answer_and_few_do_the_work() {
        let (together, rounds) = (Arc::new(Together::new(1, 8)), Arc::new(AtomicUsize::new(0)));
        let asked = (0..200_u64).map(|number| {
            let (together, rounds) = (Arc::clone(&together), Arc::clone(&rounds));
            tokio::spawn(async move {
                let answer = together.run(number, |jobs: Vec<u64>| {
                    assert!(!jobs.is_empty() && jobs.len() <= 8);
                    rounds.fetch_add(1, Ordering::SeqCst);
                    async move {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                        jobs.into_iter().map(|job| job * 2).collect()
                    }
                });
                assert_eq!(answer.await, Some(number * 2));
            })
        });
        for one in asked.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        assert!(rounds.load(Ordering::SeqCst) < 200, "nobody was taken along");
    }

    #[tokio::test]
    async fn whoever_breaks_off_leaves_no_one_waiting() {
        let together = Arc::new(Together::<u8, u8>::new(1, 8));
        let first = Arc::clone(&together);
        let stuck = tokio::spawn(async move { first.run(1, |_| std::future::pending()).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let second = Arc::clone(&together);
        let waiting = tokio::spawn(async move { second.run(2, std::future::ready).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        stuck.abort();
        assert_eq!(waiting.await.unwrap(), Some(2));
    }
}
